-- Asked before a command is made, and whether something is at work: history must not make that slower.
create index commands_open_idx on commands (deployment_hash) where status in ('queued', 'sent', 'executing');
