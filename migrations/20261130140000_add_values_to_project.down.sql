alter table project drop column stored_bytes;
alter table project
    add column stored_bytes integer not null generated always as (
        octet_length(compose) + octet_length(canvas::text) + coalesce(octet_length(form_extras::text), 0)
            + octet_length(metadata::text) + octet_length(request_json::text)
    ) stored;

comment on column project.stored_bytes is 'What it takes of the stored size its owner may have.';

alter table project
    drop column value_numbers,
    drop column values_sealed;
