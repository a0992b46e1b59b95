create table stack_template_version (
    id uuid primary key,
    template_id uuid not null references stack_template (id) on delete cascade,
    version varchar(20) not null,
    stack_definition jsonb not null,
    definition_format varchar(20) not null default 'yaml',
    changelog text,
    is_latest boolean not null default false,
    status varchar(50) not null default 'draft',
    created_at timestamptz not null,
    constraint stack_template_version_is_unique unique (template_id, version),
    constraint stack_template_version_is_not_empty check (version <> ''),
    constraint stack_template_version_status_is_known check (
        status in ('draft', 'submitted', 'under_review', 'approved', 'needs_changes', 'rejected', 'deprecated')
    )
);

create unique index stack_template_version_latest_idx on stack_template_version (template_id) where is_latest;

comment on table stack_template_version is 'The stack of a template, version by version.';
comment on column stack_template_version.version is 'As its creator numbers it, for example 1.0.0.';
comment on column stack_template_version.stack_definition is 'The stack: the text of a compose file, or a project form.';
comment on column stack_template_version.definition_format is 'How stack_definition is written: yaml or json.';
comment on column stack_template_version.is_latest is 'The version that visitors get. At most one of each template.';
comment on column stack_template_version.status is
    'Where the review of this version stands: a new version of an approved template is not approved yet.';
