drop table progress_message;
