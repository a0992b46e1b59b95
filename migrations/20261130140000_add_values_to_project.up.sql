alter table project
    add column value_numbers jsonb not null default '{}',
    add column values_sealed bytea;

comment on column project.value_numbers is 'The variables that have a value, each with the number of its value in values_sealed.';
comment on column project.values_sealed is
    'The values of variables by number, sealed; also earlier ones, for undo. Null until the project has had a value.';

alter table project drop column stored_bytes;
alter table project
    add column stored_bytes integer not null generated always as (
        octet_length(compose) + octet_length(canvas::text) + coalesce(octet_length(form_extras::text), 0)
            + octet_length(metadata::text) + octet_length(request_json::text) + coalesce(octet_length(values_sealed), 0)
    ) stored;

comment on column project.stored_bytes is 'What it takes of the stored size its owner may have.';
