CREATE TABLE `recurring_change` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`recurring_run_key` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`changed_by` text,
	`reason` text,
	`fields` text DEFAULT '[]' NOT NULL,
	FOREIGN KEY (`recurring_run_key`) REFERENCES `recurring_run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `recurring_change_of` ON `recurring_change` (`recurring_run_key`,`at`,`key`);--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `tags` text DEFAULT '{}' NOT NULL;