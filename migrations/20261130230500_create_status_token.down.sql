drop table status_token;
