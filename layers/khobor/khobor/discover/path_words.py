"""What segments of a URL's path are called in the languages of the world, below which there is no article.

Segments are compared decoded, composed (NFC) and case folded, with hyphens for underscores and spaces. A word here is a
whole segment.
"""

# The articles with a keyword.
_TAGS = """
    tag tags tagged post-tag keyword keywords hashtag hashtags schlagwort schlagworte schlagwörter schlagwoerter
    stichwort stichworte stichwörter étiquette étiquettes etiquette mot-clé mots-clés mot-cle mots-cles etiqueta
    etiquetas palabra-clave palavra-chave palavras-chave tagg taggar emneord emneknagg avainsana avainsanat
    tunniste asiasana trefwoord trefwoorden etykieta etykiety štítek štítky stitek stitky značka značky znacka
    oznaka oznake címke cimke cimkék cimkek etichete eticheta etichetă etiket etiketler тег теги тэг тэги метка
    метки мітка мітки етикет етикети ετικέτα ετικέτες ознака وسم وسوم الوسم الوسوم برچسب برچسب-ها ٹیگ ٹیگز תג תגית
    תגיות टैग टैग्स ট্যাগ ট্যাগস குறிச்சொல் குறிச்சொற்கள் ట్యాగ్ แท็ก ป้ายกำกับ thẻ nhãn từ-khóa tu-khoa 标签 標籤
    标籤 关键词 關鍵字 タグ キーワード 태그
"""
# The articles of one author.
_AUTHORS = """
    author authors by-author autor autoren autores autora autoras autorin autori autorzy autoři auteur auteurs
    autore forfatter forfattere författare skribent kirjoittaja kirjoittajat tekijä yazar yazarlar szerző szerzo
    szerzok szerzők автор авторы автори συγγραφέας συντάκτης συντάκτες كاتب الكاتب الكتاب المؤلف نویسنده نویسندگان
    مصنف מחבר מחברים लेखक লেখক எழுத்தாளர் ผู้เขียน tác-giả tac-gia penulis 作者 著者 執筆者 ライター 저자 글쓴이
"""
# The articles of a category, and the page of a person. Below these words, some sites put the articles themselves.
_CATEGORIES = """
    label labels category categories cat topic topics taxonomy collections contributor contributors user users
    profile profiles member members kategorie kategorien rubrik rubriken catégorie catégories categorie rubrique
    rubriques categoría categorías categoria categorias categorieën kategori kategorier kategoria kategoriat
    kategórie kategória kategóriák kategoriler kategorija kategorije категория категории категорія категорії
    категорија рубрика рубрики κατηγορία κατηγορίες فئة تصنيف التصنيف تصنيفات التصنيفات قسم دسته دسته-بندی زمرہ
    קטגוריה קטגוריות श्रेणी ক্যাটাগরি বিভাগ শ্রেণী หมวดหมู่ หมวด danh-mục danh-muc chuyên-mục chuyen-muc 分类 分類
    类别 類別 カテゴリ カテゴリー 카테고리 분류
"""
# A page of a list. A number follows.
_PAGES = """
    page pages pg seite pagina página pàgina strona stránka strana stranica side sida sivu oldal sayfa lapa
    puslapis lehekülg страница стр сторінка страници σελίδα صفحة صفحه ورق דף עמוד पृष्ठ पेज পৃষ্ঠা পাতা பக்கம்
    หน้า trang halaman 页 頁 ページ 페이지
"""
# The results of a search.
_SEARCHES = """
    search suche recherche buscar busca búsqueda busqueda pesquisa ricerca zoeken søk søg sök haku szukaj hledat
    hledání hľadať kereses keresés cautare căutare pretraga iskanje поиск пошук търсене претрага αναζήτηση arama
    ara بحث البحث جستجو تلاش חיפוש खोज অনুসন্ধান தேடல் ค้นหา tìm-kiếm tim-kiem cari 搜索 搜尋 検索 검색
"""
# The articles of a year, a month or a day.
_ARCHIVES = """
    archive archives archiv archivo archivos arquivo arquivos archivio archief arkiv arkisto archiwum archív
    arhiva arşiv архив архивы архів αρχείο أرشيف الأرشيف آرشیو ארכיון अभिलेख আর্কাইভ คลังเก็บ 归档 歸檔 存档
    アーカイブ 아카이브
"""
# Pages about the site itself, if the path has no other segment.
_SERVICES = """
    about about-us contact contact-us contacts imprint impressum kontakt privacy privacy-policy terms terms-of-use
    terms-of-service terms-and-conditions cookie-policy cookies disclaimer advertise advertising login signin
    sign-in register signup sign-up subscribe newsletter account cart basket checkout sitemap feed rss datenschutz
    datenschutzerklärung agb über-uns ueber-uns mentions-légales mentions-legales à-propos a-propos contactez-nous
    aviso-legal contacto contactar acerca-de quienes-somos quiénes-somos política-de-privacidad
    politica-de-privacidad contato contatti chi-siamo privacybeleid over-ons om-oss om-os yhteystiedot regulamin
    polityka-prywatności o-nas kapcsolat rólunk hakkımızda iletişim контакты контакти о-нас про-нас επικοινωνία
    اتصل-بنا من-نحن تماس-با-ما درباره-ما צור-קשר אודות संपर्क যোগাযোগ আমাদের-সম্পর্কে liên-hệ lien-he tentang-kami
    hubungi-kami 关于 关于我们 關於我們 联系我们 聯絡我們 お問い合わせ 会社概要 문의
"""

TAGS = frozenset(_TAGS.split())
AUTHORS = frozenset(_AUTHORS.split())
CATEGORIES = frozenset(_CATEGORIES.split())
PAGES = frozenset(_PAGES.split())
SEARCHES = frozenset(_SEARCHES.split())
ARCHIVES = frozenset(_ARCHIVES.split())
SERVICES = frozenset(_SERVICES.split())
