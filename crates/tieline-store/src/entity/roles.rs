//! Tables of roles.

table!(work, "work", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    title: String,
    about: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(work_role, "work_role", {
    #[sea_orm(primary_key, auto_increment = false)]
    work: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    seat: Uuid,
    responsible: bool,
    accountable: bool,
    consulted: bool,
    informed: bool,
    deputy: Option<Uuid>,
    read_back: String,
    question: String,
    answered_at: Option<i64>,
});
