delete from casbin_rule
where ptype = 'p' and v0 = 'group_user' and v1 = '/project/:id/env' and v2 in ('GET', 'PUT');
