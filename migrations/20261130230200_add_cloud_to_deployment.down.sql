alter table deployment
    drop column cloud_id,
    drop column server_id,
    drop column progress,
    drop column status_message;
