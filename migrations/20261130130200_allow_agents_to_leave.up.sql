insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'agent', '/api/v1/agent/leave', 'POST')
on conflict do nothing;
