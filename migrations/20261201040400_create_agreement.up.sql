create table agreement (
    id serial primary key,
    name varchar(255) not null,
    version integer not null default 1,
    required boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table agreement_version (
    agreement_id integer not null references agreement (id),
    version integer not null,
    text text not null,
    text_sha256 bytea not null,
    created_by varchar(50) not null,
    created_at timestamptz not null,
    primary key (agreement_id, version),
    constraint agreement_version_hash_is_sha256 check (octet_length(text_sha256) = 32)
);

comment on table agreement is 'Texts that users accept. Never deleted, because people have accepted them.';
comment on column agreement.version is 'The newest version, whose text is in agreement_version.';
comment on column agreement.required is 'Whether only users who have accepted the newest version may deploy.';
comment on table agreement_version is 'Every text that an agreement has or had. Never changed.';
comment on column agreement_version.text_sha256 is 'SHA-256 of the UTF-8 text.';
comment on column agreement_version.created_by is 'The administrator who wrote it. Opaque, as in project.user_id.';
