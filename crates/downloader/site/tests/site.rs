//! The site through real sockets: each path does what its row in the table says.

mod battery;
