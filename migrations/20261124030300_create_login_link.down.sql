drop table login_link;
