"""The way in for people at a desk: HTML from the server, no script, keyboard alone, prints.

    routes       the addresses               doors      who may come in, cookies, forms, headers
    scopes       whose records they see      desks      signing in and out
    handhelds    the page where an officer signs in on a handheld
    force_accounts    to the force's own sign-in and back, for both
    register     the records, as a list      asking     its filters, order and pages, in the address
    children     the register of children, one line for each          each_child   who stands on it
    child_cells  what each cell of a line says
    records      one record's page           followed   what came of it: tasks, notices, deliveries, history
    reading      the document on it          decided    its revisions, and what was decided on them
    photographs  those of a record, and one of them to be looked at
    changes      one revision held against the one before
    alike        which of its answers another record of the unit has as well
    beside       two versions of a record, of which somebody says which counts
    queue        what waits for the vulnerability team
    triage       what they say of a notice: passed on, or sent back
    meeting      the daily meeting's page    sheet      the children on it, and what is open about each
    episodes     those that are not closed   episode    one of them: closing it, opening it again
    absences     when they were missing      taking     what is asked of whoever takes a list as a file
    files        a list as a file that a spreadsheet reads
    quality      how well records are made   figures    counting it by unit, month, question and rule
    counted      what counts as what, for the figures and for the register's filter
    samples      records drawn by lot, and feedback on them          sampling   the lot
    lists        the way to the lists below, for whoever may open them
    protections  every use of police protection in a month           uses       its parts put together
    ethnicity    whose ethnicity nobody recorded
    schools      whose school was not told in time
    cared_for    looked-after children who were missing              care       who is looked after
    places       places that come up, and who looks after them
    restricted   restricted children, and opening one in need        restricting   setting and ending it
    passed       asking the community officers from a record, and what they ask
    referring    the exploitation team asks another team to look at a record
    profile      what a month shows, also about adults, vehicles and accounts
    retained     what is due for review before it may be destroyed
    left_out     whom the exploitation meeting does not look at
    gathering    children put together from records, each once       month      a calendar month
    devices      every handheld, and what is done about a lost one   device_words     said of them
    recoveries   a forgotten PIN, and the two who agree
    deliveries   what is owed to whom        looked     who looked at what, when and what for
    audited      the audit itself, for auditors
    councils     what a council was told, for whoever works there, and what it answers
    pages listed overviews episode_pages device_pages restricted_pages audit_pages council_pages
                 one dataclass per page
    drawing      dataclass to HTML
    marks words episode_words    cells, codes, states and times as people read them

A template may loop and branch; it may not compute.
"""
