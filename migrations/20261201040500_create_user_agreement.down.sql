drop table user_agreement;
