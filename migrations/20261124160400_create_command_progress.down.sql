drop table command_progress;
