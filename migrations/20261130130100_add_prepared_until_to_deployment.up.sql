alter table deployment add column prepared_until timestamptz;

create index deployment_prepared_until_idx on deployment (prepared_until) where prepared_until is not null;

comment on column deployment.prepared_until is 'Set while somebody only looks at its plan: in no list, not counted, and deleted from then on. Null once the plan is applied.';
