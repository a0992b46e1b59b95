insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_user', '/api/v1/audit', 'GET'),
    ('p', 'group_user', '/api/v1/audit/export', 'GET')
on conflict do nothing;
