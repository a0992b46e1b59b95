delete from casbin_rule
where ptype = 'p' and v0 = 'group_user' and (v1, v2) in (
    ('/project/join', 'POST'),
    ('/project/:id/hosts', 'GET'),
    ('/project/:id/members', 'GET'),
    ('/project/:id/members/:user_id', 'PUT'),
    ('/project/:id/members/:user_id', 'DELETE'),
    ('/project/:id/invitations', 'POST'),
    ('/project/:id/invitations/:invitation_id', 'DELETE'),
    ('/project/:id/transfer', 'POST')
);
