DROP INDEX `task_cache_key`;--> statement-breakpoint
CREATE INDEX `task_cache_key` ON `task_cache` (`cache_key`,`task_key`) WHERE outcome <> 'hit' and forgotten_at is null;