drop table stack_category;
