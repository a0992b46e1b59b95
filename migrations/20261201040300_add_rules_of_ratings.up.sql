insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_anonymous', '/rating/summary', 'GET'),
    ('p', 'group_user', '/rating/:id/report', 'POST')
on conflict do nothing;
