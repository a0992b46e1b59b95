alter table deployment
    drop column host_id,
    drop column provider,
    drop column stack,
    drop column running_revision,
    drop column drift;
