class Program(Module):
  # TorchScript. The least-squares problem of LinearOde for a batch, with a depth that is the logarithm
  # of the number of time points: every second block of unknowns is eliminated at once, again and
  # again. Blocks are time points, n = variables x orders unknowns each; with central smoothness two
  # time points, so that rows still couple neighbours only.
  #
  # Shapes: c (b, N, equations, variables, orders), r (b, N, equations), v (b, M, variables, Q),
  # h (b, N-1); a solution (b, N, n).
  __parameters__ = []
  __buffers__ = []
  orders : int
  orthogonal : bool       # QR of the rows; else Cholesky of the normal equations
  central : bool
  equation : float        # weights of the rows
  initial : float
  smoothness : float
  single : bool           # factors in float32; rows are always made in float64

  # ---- rows --------------------------------------------------------------------------------------

  # Block-diagonal over the variables, (b, N-1, variables q, variables p) of (b, N-1, q, p)
  def each_variable(self: __torch__.Program, x: Tensor, variables: int) -> Tensor:
    eye = torch.eye(variables, dtype=x.dtype, device=x.device)
    wide = eye.view(1, 1, variables, 1, variables, 1) * x.unsqueeze(2).unsqueeze(4)
    return wide.reshape(x.size(0), x.size(1), variables * x.size(2), variables * x.size(3))

  # Equations and initial values, (b, N, rows, n) and (b, N, rows)
  def local_rows(self: __torch__.Program, c: Tensor, r: Tensor, v: Tensor) -> Tuple[Tensor, Tensor]:
    n = c.size(3) * c.size(4)
    known = torch.zeros([c.size(0), c.size(1), c.size(3), c.size(4)], dtype=c.dtype, device=c.device)
    known[:, 0:v.size(1), :, 0:v.size(3)] = self.initial
    values = torch.constant_pad_nd(v, [0, c.size(4) - v.size(3), 0, 0, 0, c.size(1) - v.size(1)]) * self.initial
    rows = torch.cat([c.reshape(c.size(0), c.size(1), c.size(2), n) * self.equation, torch.diag_embed(known.reshape(c.size(0), c.size(1), n))], 2)
    return (rows, torch.cat([r * self.equation, values.reshape(c.size(0), c.size(1), n)], 2))

  # Taylor polynomials forward and backward: P u_s + Q u_{s+1} = 0, both (b, N-1, rows, n)
  def gap_rows(self: __torch__.Program, h: Tensor, variables: int) -> Tuple[Tensor, Tensor]:
    k = self.orders
    order = torch.arange(k, dtype=h.dtype, device=h.device)
    power = torch.pow(h.unsqueeze(-1), order) * self.smoothness
    sign = 1 - 2 * torch.remainder(order, 2)
    distance = order.view(1, k) - order.view(k, 1)
    inverse = torch.where(distance < 0, torch.zeros_like(distance), torch.exp(-torch.lgamma(torch.clamp(distance, 0) + 1)))
    top = k - 1 if self.central else k
    taylor = (power.unsqueeze(2) * inverse)[:, :, 0:top]
    same = (power.unsqueeze(2) * torch.eye(k, dtype=h.dtype, device=h.device))[:, :, 0:top]
    back = (power.unsqueeze(2) * sign * inverse)[:, :, 0:top]
    mirrored = (power.unsqueeze(2) * sign * torch.eye(k, dtype=h.dtype, device=h.device))[:, :, 0:top]
    p = torch.cat([self.each_variable(taylor, variables), self.each_variable(-mirrored, variables)], 2)
    q = torch.cat([self.each_variable(-same, variables), self.each_variable(back, variables)], 2)
    return (p, q)

  # H^(K-3) u[s,K-2] + H^(K-2) u[s+1,K-1] - H^(K-3) u[s+2,K-2] = 0, (b, N-2, variables, n) each
  def central_rows(self: __torch__.Program, h: Tensor, variables: int) -> Tuple[Tensor, Tensor, Tensor]:
    k = self.orders
    two = (h[:, 0:-1] + h[:, 1:]).unsqueeze(-1).unsqueeze(-1)
    unit = torch.eye(k, dtype=h.dtype, device=h.device)
    outer = torch.pow(two, k - 3) * unit[k - 2:k - 1] * self.smoothness
    middle = torch.pow(two, k - 2) * unit[k - 1:k] * self.smoothness
    return (self.each_variable(outer, variables), self.each_variable(middle, variables), self.each_variable(-outer, variables))

  # Blocks, their rows and right-hand sides: local (b, blocks, rows, n), and (b, blocks-1, rows, n)
  # for the left and the right neighbour of a gap.
  def assemble(self: __torch__.Program, c: Tensor, r: Tensor, v: Tensor, h: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    rows, rhs = self.local_rows(c, r, v)
    p, q = self.gap_rows(h, c.size(3))
    if not self.central:
      return (rows, rhs, p, q)
    points = c.size(1)
    if points % 2 == 1:  # one more time point, at zero and coupled with nobody
      eye = torch.eye(rows.size(2), rows.size(3), dtype=c.dtype, device=c.device).expand(c.size(0), 1, -1, -1)
      rows = torch.cat([rows, eye], 1)
      rhs = torch.cat([rhs, torch.zeros_like(rhs[:, 0:1])], 1)
      p = torch.cat([p, torch.zeros_like(p[:, 0:1])], 1)
      q = torch.cat([q, torch.zeros_like(q[:, 0:1])], 1)
    first, middle, last = self.central_rows(h, c.size(3))
    missing = rows.size(1) - 1 - first.size(1)  # as many as gaps, the last ones are zero
    first = torch.constant_pad_nd(first, [0, 0, 0, 0, 0, missing])
    middle = torch.constant_pad_nd(middle, [0, 0, 0, 0, 0, missing])
    last = torch.constant_pad_nd(last, [0, 0, 0, 0, 0, missing])
    none = torch.zeros_like(rows[:, 0::2])
    upper = torch.cat([rows[:, 0::2], none], 3)
    lower = torch.cat([none, rows[:, 1::2]], 3)
    inner = torch.cat([p[:, 0::2], q[:, 0::2]], 3)
    pairs = torch.cat([upper, lower, inner], 2)
    zero = torch.zeros([rhs.size(0), pairs.size(1), inner.size(2)], dtype=c.dtype, device=c.device)
    sides = torch.cat([rhs[:, 0::2], rhs[:, 1::2], zero], 2)
    outside = torch.zeros_like(first[:, 1::2])
    between = torch.zeros_like(p[:, 1::2])
    left = torch.cat([
      torch.cat([between, p[:, 1::2]], 3),
      torch.cat([first[:, 0:-1:2], middle[:, 0:-1:2]], 3),
      torch.cat([outside, first[:, 1::2]], 3)], 2)
    right = torch.cat([
      torch.cat([q[:, 1::2], between], 3),
      torch.cat([last[:, 0:-1:2], outside], 3),
      torch.cat([middle[:, 1::2], last[:, 1::2]], 3)], 2)
    return (pairs, sides, left, right)

  # ---- elimination -------------------------------------------------------------------------------

  # Factors of a level, for its odd blocks: R x_i + S x_{i-1} + T x_{i+1} = y. An even number of blocks
  # gets one more, at zero and coupled with nobody. The last level is two blocks as one. Together they
  # are the triangular factor of the rows, with M = R' R.
  def eliminate_rows(self: __torch__.Program, rows: Tensor, rhs: Tensor, p: Tensor, q: Tensor) -> Tuple[List[Tensor], List[Tensor], List[Tensor], List[Tensor]]:
    rs: List[Tensor] = []
    ss: List[Tensor] = []
    ts: List[Tensor] = []
    ys: List[Tensor] = []
    n = rows.size(3)
    local = torch.cat([rows, rhs.unsqueeze(-1)], 3)
    gap = torch.cat([p, q, torch.zeros_like(p[:, :, :, 0:1])], 3)
    while local.size(1) > 2:
      if local.size(1) % 2 == 0:
        eye = torch.eye(local.size(2), n + 1, dtype=rows.dtype, device=rows.device)
        eye[:, n:] = 0.
        local = torch.cat([local, eye.expand(local.size(0), 1, -1, -1)], 1)
        gap = torch.cat([gap, torch.zeros_like(gap[:, 0:1])], 1)
      odd = local[:, 1::2]
      before = gap[:, 0::2]
      after = gap[:, 1::2]
      none = torch.zeros_like(before[:, :, :, 0:n])
      nothing = torch.zeros_like(odd[:, :, :, 0:n])
      stack = torch.cat([
        torch.cat([before[:, :, :, n:2 * n], before[:, :, :, 0:n], none, before[:, :, :, 2 * n:]], 3),
        torch.cat([odd[:, :, :, 0:n], nothing, nothing, odd[:, :, :, n:]], 3),
        torch.cat([after[:, :, :, 0:n], none, after[:, :, :, n:]], 3)], 2)
      q_unused, full = torch.linalg_qr(stack, "r")
      rs.append(full[:, :, 0:n, 0:n])
      ss.append(full[:, :, 0:n, n:2 * n])
      ts.append(full[:, :, 0:n, 2 * n:3 * n])
      ys.append(full[:, :, 0:n, 3 * n])
      gap = full[:, :, n:3 * n, n:]
      local = local[:, 0::2]
    none = torch.zeros_like(local[:, 0:1, :, 0:n])
    last = torch.cat([
      torch.cat([local[:, 0:1, :, 0:n], none, local[:, 0:1, :, n:]], 3),
      gap,
      torch.cat([none, local[:, 1:2]], 3)], 2)
    q_unused, full = torch.linalg_qr(last, "r")
    rs.append(full[:, :, 0:2 * n, 0:2 * n])
    ys.append(full[:, :, 0:2 * n, 2 * n])
    return (rs, ss, ts, ys)

  # The same factors from D_i and L_i, the diagonal and the lower blocks of M
  def eliminate_normal(self: __torch__.Program, rows: Tensor, p: Tensor, q: Tensor) -> Tuple[List[Tensor], List[Tensor], List[Tensor]]:
    rs: List[Tensor] = []
    ss: List[Tensor] = []
    ts: List[Tensor] = []
    pt = p.transpose(2, 3)
    qt = q.transpose(2, 3)
    none = torch.zeros([rows.size(0), 1, rows.size(3), rows.size(3)], dtype=rows.dtype, device=rows.device)
    d = torch.matmul(rows.transpose(2, 3), rows) + torch.cat([torch.matmul(pt, p), none], 1) + torch.cat([none, torch.matmul(qt, q)], 1)
    lower = torch.matmul(qt, p)
    eye = torch.eye(rows.size(3), dtype=rows.dtype, device=rows.device).expand(rows.size(0), 1, -1, -1)
    while d.size(1) > 2:
      if d.size(1) % 2 == 0:
        d = torch.cat([d, eye], 1)
        lower = torch.cat([lower, none], 1)
      g = torch.linalg_cholesky(d[:, 1::2])
      s = torch.linalg_solve_triangular(g, lower[:, 0::2], upper=False)
      t = torch.linalg_solve_triangular(g, lower[:, 1::2].transpose(2, 3), upper=False)
      rs.append(g.transpose(2, 3))
      ss.append(s)
      ts.append(t)
      st = torch.matmul(s.transpose(2, 3), s)
      tt = torch.matmul(t.transpose(2, 3), t)
      d = d[:, 0::2] - torch.cat([st, none], 1) - torch.cat([none, tt], 1)
      lower = -torch.matmul(t.transpose(2, 3), s)
    upper = torch.cat([d[:, 0:1], lower.transpose(2, 3)], 3)
    last = torch.cat([upper, torch.cat([lower, d[:, 1:2]], 3)], 2)
    rs.append(torch.linalg_cholesky(last).transpose(2, 3))
    return (rs, ss, ts)

  def triangular(self: __torch__.Program, r: Tensor, b: Tensor, upper: bool) -> Tensor:
    return torch.linalg_solve_triangular(r, b.unsqueeze(-1), upper=upper).squeeze(-1)

  def times(self: __torch__.Program, a: Tensor, x: Tensor) -> Tensor:
    return torch.matmul(a, x.unsqueeze(-1)).squeeze(-1)

  # y = R'^-1 b, level by level; b (b, blocks, n)
  def forward_sweep(self: __torch__.Program, rs: List[Tensor], ss: List[Tensor], ts: List[Tensor], b: Tensor) -> List[Tensor]:
    ys: List[Tensor] = []
    for level in range(len(ss)):
      if b.size(1) % 2 == 0:
        b = torch.cat([b, torch.zeros_like(b[:, 0:1])], 1)
      y = self.triangular(rs[level].transpose(2, 3), b[:, 1::2], False)
      ys.append(y)
      none = torch.zeros_like(b[:, 0:1])
      left = self.times(ss[level].transpose(2, 3), y)
      right = self.times(ts[level].transpose(2, 3), y)
      b = b[:, 0::2] - torch.cat([left, none], 1) - torch.cat([none, right], 1)
    last = b.reshape(b.size(0), 1, 2 * b.size(2))
    ys.append(self.triangular(rs[-1].transpose(2, 3), last, False))
    return ys

  # x = R^-1 y, (b, blocks, n)
  def backward_sweep(self: __torch__.Program, rs: List[Tensor], ss: List[Tensor], ts: List[Tensor], ys: List[Tensor], blocks: int) -> Tensor:
    counts: List[int] = [blocks]
    for level in range(len(ss)):
      counts.append(counts[-1] // 2 + 1)
    last = self.triangular(rs[-1], ys[-1], True)
    x = last.reshape(last.size(0), 2, -1)
    for j in range(len(ss)):
      level = len(ss) - 1 - j
      known = self.times(ss[level], x[:, 0:-1]) + self.times(ts[level], x[:, 1:])
      odd = self.triangular(rs[level], ys[level] - known, True)
      both = torch.stack([x[:, 0:-1], odd], 2).reshape(x.size(0), -1, x.size(2))
      x = torch.cat([both, x[:, -1:]], 1)[:, 0:counts[level]]
    return x

  # ---- methods -----------------------------------------------------------------------------------

  def by_time(self: __torch__.Program, x: Tensor, points: int, n: int) -> Tensor:
    return x.reshape(x.size(0), -1, n)[:, 0:points]

  # The solution, and the factors of the left side
  def solved(self: __torch__.Program, c: Tensor, r: Tensor, v: Tensor, h: Tensor) -> Dict[str, Tensor]:
    rows, rhs, p, q = self.assemble(c, r, v, h)
    if self.single:  # saved programs name types by number: 6 float32
      rows = rows.to(6)
      rhs = rhs.to(6)
      p = p.to(6)
      q = q.to(6)
    out: Dict[str, Tensor] = {}
    if self.orthogonal:
      rs, ss, ts, ys = self.eliminate_rows(rows, rhs, p, q)
    else:
      rs, ss, ts = self.eliminate_normal(rows, p, q)
      ys = self.forward_sweep(rs, ss, ts, self.times(rows.transpose(2, 3), rhs))
    x = self.backward_sweep(rs, ss, ts, ys, rows.size(1))
    out["solution"] = self.by_time(x, c.size(1), c.size(3) * c.size(4))
    pivots = torch.cat([torch.diagonal(r, 0, 2, 3).reshape(x.size(0), -1) for r in rs], 1).abs()
    out["pivot"] = torch.amin(pivots, [1]) / torch.amax(pivots, [1])
    for level in range(len(rs)):
      out["r{}".format(level)] = rs[level]
    for level in range(len(ss)):
      out["s{}".format(level)] = ss[level]
      out["t{}".format(level)] = ts[level]
    return out

  # lambda = M^-1 g with the factors f of solved; g (b, N, n)
  def adjoint(self: __torch__.Program, g: Tensor, f: Dict[str, Tensor]) -> Tensor:
    rs: List[Tensor] = []
    ss: List[Tensor] = []
    ts: List[Tensor] = []
    level = 0
    while "r{}".format(level) in f:
      rs.append(f["r{}".format(level)])
      if "s{}".format(level) in f:
        ss.append(f["s{}".format(level)])
        ts.append(f["t{}".format(level)])
      level = level + 1
    n = ss[0].size(3) if len(ss) > 0 else rs[0].size(3) // 2
    b = g
    if n != g.size(2) and g.size(1) % 2 == 1:
      b = torch.cat([b, torch.zeros_like(b[:, 0:1])], 1)
    b = b.reshape(g.size(0), -1, n)
    ys = self.forward_sweep(rs, ss, ts, b)
    return self.by_time(self.backward_sweep(rs, ss, ts, ys, b.size(1)), g.size(1), g.size(2))

  # A number whose derivatives by the inputs are those of the scalar with cotangent M lambda: with rows
  # A and right-hand side b, constants marked by a dash,
  #   (b - A x)' A lambda' - (A lambda)' A x' + (A lambda)' b
  def surrogate(self: __torch__.Program, c: Tensor, r: Tensor, v: Tensor, h: Tensor, x: Tensor, l: Tensor) -> Tensor:
    rows, rhs, p, q = self.assemble(c, r, v, h)
    n = rows.size(3)
    missing = rows.size(1) * n - x.size(1) * x.size(2)
    xs = torch.constant_pad_nd(x.reshape(x.size(0), -1), [0, missing]).view(x.size(0), -1, n)
    ls = torch.constant_pad_nd(l.reshape(l.size(0), -1), [0, missing]).view(l.size(0), -1, n)
    local_x = self.times(rows, xs)
    local_l = self.times(rows, ls)
    gap_x = self.times(p, xs[:, 0:-1]) + self.times(q, xs[:, 1:])
    gap_l = self.times(p, ls[:, 0:-1]) + self.times(q, ls[:, 1:])
    residual = (rhs - local_x).detach()
    image = local_l.detach()
    local = residual * local_l - image * local_x + image * rhs
    gap = gap_x.detach() * gap_l + gap_l.detach() * gap_x
    return torch.sum(local) - torch.sum(gap)
