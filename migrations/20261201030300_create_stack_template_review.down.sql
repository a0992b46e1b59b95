drop table stack_template_review;
