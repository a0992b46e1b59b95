insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_admin', '/admin/agreement/:id/acceptances', 'GET'),
    ('p', 'group_admin', '/admin/agreement/:id/versions', 'GET')
on conflict do nothing;
