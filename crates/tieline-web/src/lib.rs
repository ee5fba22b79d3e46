//! Pages. Today: the report, one self-contained printable page.

pub mod report;
