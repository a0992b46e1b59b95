//! The project form of existing clients, as a view of the stack.
