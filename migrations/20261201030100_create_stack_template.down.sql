drop table stack_template;
