drop table rating;
drop type rate_category;
