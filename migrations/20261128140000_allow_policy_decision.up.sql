insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_admin', '/api/v1/policy/decision', 'GET')
on conflict do nothing;
