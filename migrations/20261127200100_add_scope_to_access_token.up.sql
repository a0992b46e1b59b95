alter table access_token
    add column scope text not null default 'admin',
    add column expires_at timestamptz,
    add column last_used_at timestamptz,
    add constraint access_token_scope_is_known check (scope in ('read', 'deploy', 'admin'));

comment on column access_token.scope is 'How much of what its owner may do it may; those of before may everything.';
comment on column access_token.expires_at is 'Not believed from then on; null: no end.';
comment on column access_token.last_used_at is 'To the minute.';
