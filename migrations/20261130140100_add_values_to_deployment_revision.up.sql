alter table deployment_revision
    add column values_id uuid,
    add column values_sealed bytea,
    add constraint deployment_revision_values_id_key unique (values_id),
    add constraint deployment_revision_values_have_an_id check ((values_id is null) = (values_sealed is null));

comment on column deployment_revision.values_id is 'Identifies the row to values_sealed.';
comment on column deployment_revision.values_sealed is
    'The values of the variables that its text reads, sealed. Null: the project had none, and the host keeps what it has.';
