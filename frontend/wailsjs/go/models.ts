export namespace backend {
	
	export class Query {
	    search: string;
	    attention: boolean;
	    sort: string;
	    descending: boolean;
	    offset: number;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new Query(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.search = source["search"];
	        this.attention = source["attention"];
	        this.sort = source["sort"];
	        this.descending = source["descending"];
	        this.offset = source["offset"];
	        this.limit = source["limit"];
	    }
	}

}

export namespace view {
	
	export class Part {
	    signIn: string;
	    entries: number;
	    odd: number;
	    cut: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Part(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.signIn = source["signIn"];
	        this.entries = source["entries"];
	        this.odd = source["odd"];
	        this.cut = source["cut"];
	    }
	}
	export class Reading {
	    running: boolean;
	    done: number;
	    total: number;
	
	    static createFrom(source: any = {}) {
	        return new Reading(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.running = source["running"];
	        this.done = source["done"];
	        this.total = source["total"];
	    }
	}
	export class Check {
	    running: boolean;
	    done: number;
	    total: number;
	    details: Reading;
	    triedAt: string;
	    limitUntil: string;
	    parts: Part[];
	    slow: string[];
	    unread: number;
	
	    static createFrom(source: any = {}) {
	        return new Check(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.running = source["running"];
	        this.done = source["done"];
	        this.total = source["total"];
	        this.details = this.convertValues(source["details"], Reading);
	        this.triedAt = source["triedAt"];
	        this.limitUntil = source["limitUntil"];
	        this.parts = this.convertValues(source["parts"], Part);
	        this.slow = source["slow"];
	        this.unread = source["unread"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Name {
	    id: string;
	    name: string;
	    type: string;
	
	    static createFrom(source: any = {}) {
	        return new Name(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.type = source["type"];
	    }
	}
	export class Expected {
	    signIn: string;
	    name: string;
	    asked: boolean;
	    missed: boolean;
	    reconnected: number;
	    unreached: number;
	
	    static createFrom(source: any = {}) {
	        return new Expected(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.signIn = source["signIn"];
	        this.name = source["name"];
	        this.asked = source["asked"];
	        this.missed = source["missed"];
	        this.reconnected = source["reconnected"];
	        this.unreached = source["unreached"];
	    }
	}
	export class Connected {
	    signIn: string;
	    expected?: Expected;
	    added: Name[];
	    reconnected: Name[];
	    alreadyConnected: Name[];
	    removed: Name[];
	    others: Name[];
	    total: number;
	    clockMinutes: number;
	    part?: Part;
	
	    static createFrom(source: any = {}) {
	        return new Connected(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.signIn = source["signIn"];
	        this.expected = this.convertValues(source["expected"], Expected);
	        this.added = this.convertValues(source["added"], Name);
	        this.reconnected = this.convertValues(source["reconnected"], Name);
	        this.alreadyConnected = this.convertValues(source["alreadyConnected"], Name);
	        this.removed = this.convertValues(source["removed"], Name);
	        this.others = this.convertValues(source["others"], Name);
	        this.total = source["total"];
	        this.clockMinutes = source["clockMinutes"];
	        this.part = this.convertValues(source["part"], Part);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Count {
	    status: string;
	    organisations: number;
	
	    static createFrom(source: any = {}) {
	        return new Count(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.status = source["status"];
	        this.organisations = source["organisations"];
	    }
	}
	export class DisconnectEffect {
	    id: string;
	    name: string;
	    through: string[];
	    ended: string[];
	    staying: string[];
	
	    static createFrom(source: any = {}) {
	        return new DisconnectEffect(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.through = source["through"];
	        this.ended = source["ended"];
	        this.staying = source["staying"];
	    }
	}
	export class Failed {
	    code: string;
	    detail: string;
	
	    static createFrom(source: any = {}) {
	        return new Failed(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.detail = source["detail"];
	    }
	}
	export class DisconnectResult {
	    count: number;
	    pending: number;
	    stillConnected: number;
	    staying: number;
	    revokePending: boolean;
	    failed?: Failed;
	
	    static createFrom(source: any = {}) {
	        return new DisconnectResult(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.count = source["count"];
	        this.pending = source["pending"];
	        this.stillConnected = source["stillConnected"];
	        this.staying = source["staying"];
	        this.revokePending = source["revokePending"];
	        this.failed = this.convertValues(source["failed"], Failed);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class FileCounts {
	    backups: number;
	    damaged: number;
	    logs: number;
	    others: number;
	    shared: boolean;
	
	    static createFrom(source: any = {}) {
	        return new FileCounts(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.backups = source["backups"];
	        this.damaged = source["damaged"];
	        this.logs = source["logs"];
	        this.others = source["others"];
	        this.shared = source["shared"];
	    }
	}
	export class Late {
	    number: number;
	    connected?: Connected;
	    failed?: Failed;
	
	    static createFrom(source: any = {}) {
	        return new Late(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.number = source["number"];
	        this.connected = this.convertValues(source["connected"], Connected);
	        this.failed = this.convertValues(source["failed"], Failed);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Leftover {
	    path: string;
	    inUse: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Leftover(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.path = source["path"];
	        this.inUse = source["inUse"];
	    }
	}
	
	export class NearExpiry {
	    id: string;
	    name: string;
	    expiresAt: string;
	
	    static createFrom(source: any = {}) {
	        return new NearExpiry(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.expiresAt = source["expiresAt"];
	    }
	}
	export class Receipt {
	    at: string;
	    disconnectAsked: boolean;
	    disconnected: number;
	    stillConnected: StillConnected[];
	    credentials: number;
	    undeleted: UndeletedCredential[];
	    organisations: number;
	    files: FileCounts;
	    leftovers: Leftover[];
	
	    static createFrom(source: any = {}) {
	        return new Receipt(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.at = source["at"];
	        this.disconnectAsked = source["disconnectAsked"];
	        this.disconnected = source["disconnected"];
	        this.stillConnected = this.convertValues(source["stillConnected"], StillConnected);
	        this.credentials = source["credentials"];
	        this.undeleted = this.convertValues(source["undeleted"], UndeletedCredential);
	        this.organisations = source["organisations"];
	        this.files = this.convertValues(source["files"], FileCounts);
	        this.leftovers = this.convertValues(source["leftovers"], Leftover);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class UndeletedCredential {
	    person: string;
	    code: string;
	
	    static createFrom(source: any = {}) {
	        return new UndeletedCredential(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.person = source["person"];
	        this.code = source["code"];
	    }
	}
	export class StillConnected {
	    person: string;
	    organisations: string[];
	    code: string;
	
	    static createFrom(source: any = {}) {
	        return new StillConnected(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.person = source["person"];
	        this.organisations = source["organisations"];
	        this.code = source["code"];
	    }
	}
	export class Removal {
	    phase: string;
	    done: number;
	    total: number;
	    stillConnected: StillConnected[];
	    undeleted: UndeletedCredential[];
	    receipt?: Receipt;
	
	    static createFrom(source: any = {}) {
	        return new Removal(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.phase = source["phase"];
	        this.done = source["done"];
	        this.total = source["total"];
	        this.stillConnected = this.convertValues(source["stillConnected"], StillConnected);
	        this.undeleted = this.convertValues(source["undeleted"], UndeletedCredential);
	        this.receipt = this.convertValues(source["receipt"], Receipt);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Progress {
	    number: number;
	    phase: string;
	    deadline: string;
	    browserFailed: boolean;
	    expected: string;
	    connected?: Connected;
	    failed?: Failed;
	    pending: number;
	    unsaved: number;
	    late: Late;
	
	    static createFrom(source: any = {}) {
	        return new Progress(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.number = source["number"];
	        this.phase = source["phase"];
	        this.deadline = source["deadline"];
	        this.browserFailed = source["browserFailed"];
	        this.expected = source["expected"];
	        this.connected = this.convertValues(source["connected"], Connected);
	        this.failed = this.convertValues(source["failed"], Failed);
	        this.pending = source["pending"];
	        this.unsaved = source["unsaved"];
	        this.late = this.convertValues(source["late"], Late);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Repair {
	    signIn: string;
	    name: string;
	    email: string;
	    organisations: number;
	
	    static createFrom(source: any = {}) {
	        return new Repair(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.signIn = source["signIn"];
	        this.name = source["name"];
	        this.email = source["email"];
	        this.organisations = source["organisations"];
	    }
	}
	export class Recovery {
	    lost: boolean;
	    damagedFolder: string;
	    backupAt: string;
	    signIns: number;
	    keychainRead: boolean;
	    checked: number;
	    unchecked: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Recovery(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.lost = source["lost"];
	        this.damagedFolder = source["damagedFolder"];
	        this.backupAt = source["backupAt"];
	        this.signIns = source["signIns"];
	        this.keychainRead = source["keychainRead"];
	        this.checked = source["checked"];
	        this.unchecked = source["unchecked"];
	    }
	}
	export class Overview {
	    demo: boolean;
	    testServer: string;
	    clientID: string;
	    clientIDFrom: string;
	    redirectAddresses: string[];
	    system: string;
	    dataFolder: string;
	    version: string;
	    commit: string;
	    checkedAt: string;
	    checkEvery: string;
	    sessionOnly: boolean;
	    keychainWaiting: boolean;
	    faults: number;
	    unsaved: boolean;
	    unsavedOf: string[];
	    closing: string;
	    writeFailure?: Failed;
	    readOnly: boolean;
	    recovery?: Recovery;
	    network: boolean;
	    total: number;
	    attention: number;
	    signIns: number;
	    nearExpiry: NearExpiry[];
	    counts: Count[];
	    repairs: Repair[];
	    revision: number;
	    signIn: Progress;
	    check: Check;
	    removal: Removal;
	    broken?: Failed;
	
	    static createFrom(source: any = {}) {
	        return new Overview(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.demo = source["demo"];
	        this.testServer = source["testServer"];
	        this.clientID = source["clientID"];
	        this.clientIDFrom = source["clientIDFrom"];
	        this.redirectAddresses = source["redirectAddresses"];
	        this.system = source["system"];
	        this.dataFolder = source["dataFolder"];
	        this.version = source["version"];
	        this.commit = source["commit"];
	        this.checkedAt = source["checkedAt"];
	        this.checkEvery = source["checkEvery"];
	        this.sessionOnly = source["sessionOnly"];
	        this.keychainWaiting = source["keychainWaiting"];
	        this.faults = source["faults"];
	        this.unsaved = source["unsaved"];
	        this.unsavedOf = source["unsavedOf"];
	        this.closing = source["closing"];
	        this.writeFailure = this.convertValues(source["writeFailure"], Failed);
	        this.readOnly = source["readOnly"];
	        this.recovery = this.convertValues(source["recovery"], Recovery);
	        this.network = source["network"];
	        this.total = source["total"];
	        this.attention = source["attention"];
	        this.signIns = source["signIns"];
	        this.nearExpiry = this.convertValues(source["nearExpiry"], NearExpiry);
	        this.counts = this.convertValues(source["counts"], Count);
	        this.repairs = this.convertValues(source["repairs"], Repair);
	        this.revision = source["revision"];
	        this.signIn = this.convertValues(source["signIn"], Progress);
	        this.check = this.convertValues(source["check"], Check);
	        this.removal = this.convertValues(source["removal"], Removal);
	        this.broken = this.convertValues(source["broken"], Failed);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Plan {
	    signIn: string;
	    forget: boolean;
	    count: number;
	    organisations: DisconnectEffect[];
	    staying: number;
	
	    static createFrom(source: any = {}) {
	        return new Plan(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.signIn = source["signIn"];
	        this.forget = source["forget"];
	        this.count = source["count"];
	        this.organisations = this.convertValues(source["organisations"], DisconnectEffect);
	        this.staying = source["staying"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	
	
	
	export class RemovalPlan {
	    nothing: boolean;
	    credentials: number;
	    keychainFailure?: Failed;
	    organisations: number;
	    connections: number;
	    throughEnded: number;
	    files: FileCounts;
	
	    static createFrom(source: any = {}) {
	        return new RemovalPlan(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.nothing = source["nothing"];
	        this.credentials = source["credentials"];
	        this.keychainFailure = this.convertValues(source["keychainFailure"], Failed);
	        this.organisations = source["organisations"];
	        this.connections = source["connections"];
	        this.throughEnded = source["throughEnded"];
	        this.files = this.convertValues(source["files"], FileCounts);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Row {
	    id: string;
	    name: string;
	    status: string;
	    signIns: string[];
	    firstSignIn: string;
	    lastChecked: string;
	    trouble: string;
	    shared: boolean;
	    pending: string;
	    ending: string;
	    detailsFrom: string;
	    country: string;
	    currency: string;
	
	    static createFrom(source: any = {}) {
	        return new Row(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.status = source["status"];
	        this.signIns = source["signIns"];
	        this.firstSignIn = source["firstSignIn"];
	        this.lastChecked = source["lastChecked"];
	        this.trouble = source["trouble"];
	        this.shared = source["shared"];
	        this.pending = source["pending"];
	        this.ending = source["ending"];
	        this.detailsFrom = source["detailsFrom"];
	        this.country = source["country"];
	        this.currency = source["currency"];
	    }
	}
	export class Rows {
	    offset: number;
	    matching: number;
	    total: number;
	    attention: number;
	    revision: number;
	    rows: Row[];
	
	    static createFrom(source: any = {}) {
	        return new Rows(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.offset = source["offset"];
	        this.matching = source["matching"];
	        this.total = source["total"];
	        this.attention = source["attention"];
	        this.revision = source["revision"];
	        this.rows = this.convertValues(source["rows"], Row);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class UsedOrganisation {
	    name: string;
	    only: boolean;
	
	    static createFrom(source: any = {}) {
	        return new UsedOrganisation(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.only = source["only"];
	    }
	}
	export class SignInRow {
	    id: string;
	    name: string;
	    email: string;
	    state: string;
	    reason: string;
	    since: string;
	    renewed: string;
	    expiresAt: string;
	    ended: string;
	    nearExpiry: boolean;
	    organisations: number;
	    only: number;
	    first: UsedOrganisation[];
	
	    static createFrom(source: any = {}) {
	        return new SignInRow(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.email = source["email"];
	        this.state = source["state"];
	        this.reason = source["reason"];
	        this.since = source["since"];
	        this.renewed = source["renewed"];
	        this.expiresAt = source["expiresAt"];
	        this.ended = source["ended"];
	        this.nearExpiry = source["nearExpiry"];
	        this.organisations = source["organisations"];
	        this.only = source["only"];
	        this.first = this.convertValues(source["first"], UsedOrganisation);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	

}

