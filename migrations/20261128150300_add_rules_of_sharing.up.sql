insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_user', '/project/join', 'POST'),
    ('p', 'group_user', '/project/:id/hosts', 'GET'),
    ('p', 'group_user', '/project/:id/members', 'GET'),
    ('p', 'group_user', '/project/:id/members/:user_id', 'PUT'),
    ('p', 'group_user', '/project/:id/members/:user_id', 'DELETE'),
    ('p', 'group_user', '/project/:id/invitations', 'POST'),
    ('p', 'group_user', '/project/:id/invitations/:invitation_id', 'DELETE'),
    ('p', 'group_user', '/project/:id/transfer', 'POST')
on conflict do nothing;
