drop table casbin_rule;

drop function casbin_rule_changed;
