CREATE TABLE `duration_count` (
	`entity` text NOT NULL,
	`state` text NOT NULL,
	`up_to_ms` integer NOT NULL,
	`count` integer DEFAULT 0 NOT NULL,
	`sum_ms` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`entity`, `state`, `up_to_ms`)
);
--> statement-breakpoint
CREATE TABLE `state_count` (
	`entity` text NOT NULL,
	`state` text NOT NULL,
	`count` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`entity`, `state`)
);
--> statement-breakpoint
ALTER TABLE `heartbeat` ADD `figures` text;--> statement-breakpoint
INSERT INTO state_count (entity, state) VALUES
  ('run', 'pending'), ('run', 'running'), ('run', 'canceling'), ('run', 'succeeded'), ('run', 'failed'), ('run', 'canceled'),
  ('task', 'pending'), ('task', 'queued'), ('task', 'running'), ('task', 'canceling'), ('task', 'succeeded'), ('task', 'cached'), ('task', 'skipped'), ('task', 'omitted'), ('task', 'failed'), ('task', 'canceled'),
  ('attempt', 'starting'), ('attempt', 'running'), ('attempt', 'succeeded'), ('attempt', 'failed'), ('attempt', 'canceled'), ('attempt', 'lost');
--> statement-breakpoint
INSERT INTO duration_count (entity, state, up_to_ms)
SELECT e.entity, e.state, b.value
FROM (SELECT 'run' AS entity, 'pending' AS state UNION ALL SELECT 'run', 'running' UNION ALL SELECT 'task', 'queued' UNION ALL SELECT 'task', 'running') e,
  json_each('[10, 50, 100, 500, 1000, 5000, 10000, 30000, 60000, 300000, 1800000, 3600000, 21600000, 86400000, 9007199254740991]') b;
--> statement-breakpoint
CREATE TRIGGER run_state_first AFTER INSERT ON run BEGIN
  UPDATE state_count SET count = count + 1 WHERE entity = 'run' AND state = new.state;
END;
--> statement-breakpoint
CREATE TRIGGER run_state_next AFTER UPDATE OF state ON run WHEN old.state <> new.state BEGIN
  UPDATE state_count SET count = count + 1 WHERE entity = 'run' AND state = new.state;
END;
--> statement-breakpoint
CREATE TRIGGER task_state_first AFTER INSERT ON task BEGIN
  UPDATE state_count SET count = count + 1 WHERE entity = 'task' AND state = new.state;
END;
--> statement-breakpoint
CREATE TRIGGER task_state_next AFTER UPDATE OF state ON task WHEN old.state <> new.state BEGIN
  UPDATE state_count SET count = count + 1 WHERE entity = 'task' AND state = new.state;
END;
--> statement-breakpoint
CREATE TRIGGER attempt_state_first AFTER INSERT ON attempt BEGIN
  UPDATE state_count SET count = count + 1 WHERE entity = 'attempt' AND state = new.state;
END;
--> statement-breakpoint
CREATE TRIGGER attempt_state_next AFTER UPDATE OF state ON attempt WHEN old.state <> new.state BEGIN
  UPDATE state_count SET count = count + 1 WHERE entity = 'attempt' AND state = new.state;
END;
--> statement-breakpoint
CREATE TRIGGER run_pending_took AFTER UPDATE OF state ON run
WHEN old.state = 'pending' AND new.state = 'running' AND new.started_at IS NOT NULL BEGIN
  UPDATE duration_count SET count = count + 1, sum_ms = sum_ms + max(0, new.started_at - new.created_at)
  WHERE entity = 'run' AND state = 'pending' AND up_to_ms = (
    SELECT min(d.up_to_ms) FROM duration_count d
    WHERE d.entity = 'run' AND d.state = 'pending' AND d.up_to_ms >= max(0, new.started_at - new.created_at));
END;
--> statement-breakpoint
CREATE TRIGGER run_running_took AFTER UPDATE OF state ON run
WHEN old.state IN ('running', 'canceling') AND new.state IN ('succeeded', 'failed', 'canceled') AND new.started_at IS NOT NULL AND new.finished_at IS NOT NULL BEGIN
  UPDATE duration_count SET count = count + 1, sum_ms = sum_ms + max(0, new.finished_at - new.started_at)
  WHERE entity = 'run' AND state = 'running' AND up_to_ms = (
    SELECT min(d.up_to_ms) FROM duration_count d
    WHERE d.entity = 'run' AND d.state = 'running' AND d.up_to_ms >= max(0, new.finished_at - new.started_at));
END;
--> statement-breakpoint
CREATE TRIGGER task_queued_took AFTER UPDATE OF state ON task
WHEN old.state = 'queued' AND new.state = 'running' AND new.kind NOT IN ('dag', 'loop', 'condition', 'exit-handler') AND new.queued_at IS NOT NULL AND new.started_at >= new.queued_at BEGIN
  UPDATE duration_count SET count = count + 1, sum_ms = sum_ms + max(0, new.started_at - new.queued_at)
  WHERE entity = 'task' AND state = 'queued' AND up_to_ms = (
    SELECT min(d.up_to_ms) FROM duration_count d
    WHERE d.entity = 'task' AND d.state = 'queued' AND d.up_to_ms >= max(0, new.started_at - new.queued_at));
END;
--> statement-breakpoint
CREATE TRIGGER task_running_took AFTER UPDATE OF state ON task
WHEN old.state IN ('running', 'canceling') AND new.state IN ('succeeded', 'failed', 'canceled') AND new.kind NOT IN ('dag', 'loop', 'condition', 'exit-handler') AND new.started_at IS NOT NULL AND new.finished_at IS NOT NULL BEGIN
  UPDATE duration_count SET count = count + 1, sum_ms = sum_ms + max(0, new.finished_at - new.started_at)
  WHERE entity = 'task' AND state = 'running' AND up_to_ms = (
    SELECT min(d.up_to_ms) FROM duration_count d
    WHERE d.entity = 'task' AND d.state = 'running' AND d.up_to_ms >= max(0, new.finished_at - new.started_at));
END;
