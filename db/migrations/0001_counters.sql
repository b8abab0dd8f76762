CREATE TRIGGER run_count_insert AFTER INSERT ON run WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO run_count (experiment_key, state, is_archived, count)
  VALUES (new.experiment_key, new.state, new.archived_at IS NOT NULL, 1)
  ON CONFLICT (experiment_key, state, is_archived) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER run_count_update AFTER UPDATE OF state, archived_at, deleted_at, experiment_key ON run
WHEN old.state <> new.state OR (old.archived_at IS NULL) <> (new.archived_at IS NULL)
  OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) OR old.experiment_key <> new.experiment_key BEGIN
  UPDATE run_count SET count = count - 1
  WHERE old.deleted_at IS NULL AND experiment_key = old.experiment_key AND state = old.state
    AND is_archived = (old.archived_at IS NOT NULL);
  INSERT INTO run_count (experiment_key, state, is_archived, count)
  SELECT new.experiment_key, new.state, new.archived_at IS NOT NULL, 1 WHERE new.deleted_at IS NULL
  ON CONFLICT (experiment_key, state, is_archived) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER run_count_delete AFTER DELETE ON run WHEN old.deleted_at IS NULL BEGIN
  UPDATE run_count SET count = count - 1
  WHERE experiment_key = old.experiment_key AND state = old.state AND is_archived = (old.archived_at IS NOT NULL);
END;
