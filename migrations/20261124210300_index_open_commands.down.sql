drop index commands_open_idx;
