drop table enrolment_code;
