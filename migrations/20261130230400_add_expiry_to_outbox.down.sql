alter table outbox drop column expires_at;

comment on column outbox.destination is 'Which neighbour: vault.';
