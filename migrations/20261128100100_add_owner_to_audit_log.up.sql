alter table audit_log add column owner_id varchar(255);

update audit_log set owner_id = d.user_id
from deployment d
where d.deployment_hash = audit_log.deployment_hash;

update audit_log set owner_id = h.user_id
from agents a
join host h on h.id = a.host_id
where a.id = audit_log.agent_id and audit_log.owner_id is null;

create index audit_log_owner_id_idx on audit_log (owner_id, number);

comment on column audit_log.owner_id is
    'Whose thing it was done to, when it was done, where that is known; sees the line beside who did it.';
