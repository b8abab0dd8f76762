ALTER TABLE `profile` ADD `limits` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `profile` ADD `container` text DEFAULT '{}' NOT NULL;