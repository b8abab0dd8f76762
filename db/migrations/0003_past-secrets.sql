CREATE TABLE `past_secret_value` (
	`version_id` text PRIMARY KEY NOT NULL,
	`secret_name` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`replaced_at` integer NOT NULL
);
