ALTER TABLE `task` ADD `cpus` real;--> statement-breakpoint
ALTER TABLE `task` ADD `memory_bytes` integer;