alter table host add column compose_missing jsonb;

comment on column host.compose_missing is 'Set while an engine answers there and Docker Compose is not installed, as its agent last said.';
