alter table host
    add column provisional_until timestamptz,
    add column program_fetched_at timestamptz,
    add column joined_at timestamptz,
    add column engine_missing jsonb;

update host set joined_at = date_trunc('second', agents.created_at)
from agents
where agents.host_id = host.id;

create index host_provisional_until_idx on host (provisional_until) where provisional_until is not null;

comment on column host.provisional_until is 'Set while a page waits for its agent: shown in no list, and deleted from then on. Null once the agent has joined.';
comment on column host.program_fetched_at is 'When the command of the page fetched the program for it.';
comment on column host.joined_at is 'When its agent last registered, to the second. An agent that was not seen since then does not run.';
comment on column host.engine_missing is 'Why its agent found no container engine, as the agent last said.';
