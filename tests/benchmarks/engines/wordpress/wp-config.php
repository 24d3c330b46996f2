<?php
// Which site it is, the host and the look of the request say, or the variable of who builds one.
$site = getenv('KHOBOR_SITE') ?: str_replace('.example', '', $_SERVER['HTTP_HOST']) . '-' . $_SERVER['HTTP_X_LOOK'];
$_SERVER['HTTPS'] = 'on';
define('DB_NAME', str_replace('-', '_', $site));
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('KHOBOR_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', $name);
    define($name . '_SALT', $name);
}
// Nothing that a visit starts may ask other machines.
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false);
$table_prefix = 'wp_';
define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
