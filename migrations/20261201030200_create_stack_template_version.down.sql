drop table stack_template_version;
