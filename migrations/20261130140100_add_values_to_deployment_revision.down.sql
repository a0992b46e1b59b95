alter table deployment_revision
    drop column values_sealed,
    drop column values_id;
