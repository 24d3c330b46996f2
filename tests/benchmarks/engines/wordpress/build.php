<?php
// Makes a site of the posts in a file.
$facts = json_decode(file_get_contents($argv[1]), true);
putenv('KHOBOR_SITE=' . $facts['site']);
$_SERVER['HTTP_HOST'] = $facts['host'];
$_SERVER['REQUEST_URI'] = '/';
$database = str_replace('-', '_', $facts['site']);
$connection = new mysqli('localhost', 'root', '', '', 0, getenv('KHOBOR_SOCKET'));
$connection->query("DROP DATABASE IF EXISTS $database");
$connection->query("CREATE DATABASE $database CHARACTER SET utf8mb4");

define('WP_INSTALLING', true);
require $facts['wordpress'] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
wp_install($facts['title'], 'editor', 'editor@' . $facts['host'], true, '', 'password', $facts['locale']);
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}
$options = [
    'siteurl' => rtrim($facts['url'], '/'),
    'home' => rtrim($facts['url'], '/'),
    'blogdescription' => $facts['description'],
    'timezone_string' => $facts['zone'],
    'WPLANG' => $facts['locale'],
    'permalink_structure' => '/%year%/%monthnum%/%day%/%postname%/',
];
foreach ($options as $name => $value) {
    update_option($name, $value);
}
switch_theme($facts['theme']);
wp_set_current_user(1);
foreach ($facts['posts'] as $post) {
    $author = get_user_by('login', $post['login'])->ID ?? wp_insert_user([
        'user_login' => $post['login'],
        'user_pass' => 'password',
        'user_email' => $post['login'] . '@' . $facts['host'],
        'display_name' => $post['author'],
        'role' => 'author',
    ]);
    $category = term_exists($post['section'], 'category') ?: wp_insert_term($post['section'], 'category');
    $id = wp_insert_post([
        'post_title' => $post['title'],
        'post_name' => $post['slug'],
        'post_author' => $author,
        'post_date' => $post['date'],
        'post_status' => 'publish',
        'post_content' => $post['content'],
        'post_category' => [(int) $category['term_id']],
        'tags_input' => $post['tags'],
    ], true);
    if (is_wp_error($id)) {
        fwrite(STDERR, $id->get_error_message());
        exit(1);
    }
    $image = wp_insert_attachment(
        ['post_mime_type' => 'image/png', 'post_title' => basename($post['image']), 'post_excerpt' => $post['caption'],
         'post_status' => 'inherit', 'post_date' => $post['date']],
        ltrim($post['image'], '/'),
        $id
    );
    wp_update_attachment_metadata($image, ['width' => 960, 'height' => 540, 'file' => ltrim($post['image'], '/')]);
    set_post_thumbnail($id, $image);
    if ($post['modified']) {
        $times = ['post_modified' => $post['modified'], 'post_modified_gmt' => get_gmt_from_date($post['modified'])];
        $wpdb->update($wpdb->posts, $times, ['ID' => $id]);
    }
    if ($post['old_slug']) {
        add_post_meta($id, '_wp_old_slug', sanitize_title($post['old_slug']));
    }
}
$wp_rewrite->init();
$wp_rewrite->flush_rules(false);
