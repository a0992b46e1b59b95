alter table deployment add column last_seen_at timestamptz;

comment on column deployment.last_seen_at is 'When its agent was last heard of.';
